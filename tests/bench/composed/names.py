"""What students call things: vocabularies in several languages and manners."""

import random

Names = dict[str, str]

_PLAIN = {
    "X": ["X", "inputs", "x_batch", "data", "samples", "XX", "x_all", "features"],
    "Y": ["Y", "targets", "labels_onehot", "T", "y_all", "t", "y_true", "desired"],
    "x1": ["x1", "x_1", "first", "sample_a", "xa", "inp1", "X1"],
    "x2": ["x2", "x_2", "second", "sample_b", "xb", "inp2", "X2"],
    "y1": ["y1", "y_1", "t1", "target_a", "lab1", "Y1"],
    "y2": ["y2", "y_2", "t2", "target_b", "lab2", "Y2"],
    "w1": ["w1", "W1", "weights_1", "W_hidden", "theta1", "Win", "A", "w_ih", "layer1"],
    "w2": ["w2", "W2", "weights_2", "W_out", "theta2", "Wout", "B", "w_ho", "layer2"],
    "u1": ["w1_new", "U", "W1d", "wt1", "weights_1_trained", "W_1", "cur_w1", "w1_drop"],
    "u2": ["w2_new", "V", "W2d", "wt2", "weights_2_trained", "W_2", "cur_w2", "w2_drop"],
    "b1": ["b1", "bias1", "b_hidden"],
    "b2": ["b2", "bias2", "b_out"],
    "z1": ["z1", "net1", "pre", "s1", "hidden_in", "lin1"],
    "h": ["h", "a1", "hidden", "act", "hid", "o1"],
    "z2": ["z2", "logits", "scores", "net2", "s2", "lin2"],
    "p": ["p", "probs", "y_hat", "out", "output", "yhat", "prediction", "a2"],
    "dz2": ["dz2", "delta2", "err", "d_out", "g_logits", "e2"],
    "dh": ["dh", "g_h", "back", "d_hidden", "da1"],
    "dz1": ["dz1", "delta1", "d_pre", "g_pre", "e1"],
    "dw1": ["dw1", "dW1", "grad_w1", "g1", "gradient", "dL_dW1", "nabla1"],
    "dw2": ["dw2", "dW2", "grad_w2", "g2", "gradient_2", "dL_dW2", "nabla2"],
    "mask": ["mask", "m", "keep_mask", "dropmask", "r", "drop"],
    "lr": ["lr", "learning_rate", "eta", "alpha", "step_size", "LR"],
    "epochs": ["epochs", "n_epochs", "EPOCHS", "num_epochs", "iterations"],
    "rate": ["rate", "p_drop", "dropout_rate", "drop_prob", "DROPOUT"],
    "keep": ["keep", "keep_prob", "q", "p_keep", "stay"],
    "epoch": ["epoch", "ep", "_", "it", "e", "step"],
    "softmax": ["softmax", "soft_max", "normalise", "sm", "to_probs"],
    "relu": ["relu", "ReLU", "rectify", "activation", "ramp"],
    "forward": ["forward", "feedforward", "predict", "run_net", "fwd", "compute"],
    "backward": ["backward", "backprop", "gradients", "bwd", "get_grads"],
    "train": ["train", "fit", "training", "train_with_dropout", "learn", "sgd"],
    "Net": ["Net", "Network", "MLP", "NeuralNet", "TwoLayer", "Model", "MyNN"],
    "net": ["net", "model", "nn_obj", "mlp", "network", "brain"],
    "drop_net": ["dnet", "model_d", "net_with_dropout", "model2", "network_b"],
    "opt": ["opt", "optimizer", "sgd_opt", "optim_"],
    "loss": ["loss", "L", "cost", "J", "err_value", "ce"],
    "criterion": ["criterion", "loss_fn", "lossf", "objective"],
    "result": ["result", "res", "answer", "final"],
    "cls": ["idx", "classes", "class_ids", "lbl", "true_cls"],
}
_ELSEWHERE: dict[str, dict[str, str]] = {
    "turkish": {
        "X": "girdi",
        "Y": "hedef",
        "w1": "agirlik1",
        "w2": "agirlik2",
        "h": "gizli",
        "p": "cikis",
        "dw1": "turev1",
        "dw2": "turev2",
        "mask": "maske",
        "lr": "ogrenme_orani",
        "epochs": "devir",
        "forward": "ileri",
        "backward": "geri",
        "train": "egit",
        "loss": "kayip",
        "u1": "egitilmis1",
        "u2": "egitilmis2",
        "net": "ag",
        "x1": "girdi1",
    },
    "german": {
        "X": "Eingaben",
        "Y": "Ziele",
        "w1": "gewicht1",
        "w2": "gewicht2",
        "h": "verdeckt",
        "p": "ausgabe",
        "dw1": "grad_eins",
        "dw2": "grad_zwei",
        "mask": "maske_k",
        "lr": "lernrate",
        "epochs": "durchlaeufe",
        "forward": "vorwaerts",
        "train": "trainiere",
        "backward": "rueckwaerts",
        "loss": "verlust",
        "u1": "gelernt1",
        "u2": "gelernt2",
    },
    "spanish": {
        "X": "entradas",
        "Y": "objetivos",
        "w1": "pesos1",
        "w2": "pesos2",
        "h": "oculta",
        "p": "salida",
        "dw1": "gradiente1",
        "dw2": "gradiente2",
        "mask": "mascara",
        "lr": "tasa",
        "epochs": "epocas",
        "forward": "adelante",
        "train": "entrenar",
        "backward": "atras",
        "loss": "perdida",
        "u1": "pesos_fin1",
        "u2": "pesos_fin2",
    },
    "french": {
        "X": "entrees",
        "Y": "cibles",
        "w1": "poids1",
        "w2": "poids2",
        "h": "cachee",
        "p": "sortie",
        "dw1": "grad_p1",
        "dw2": "grad_p2",
        "mask": "masque",
        "lr": "pas",
        "epochs": "nb_epoques",
        "forward": "avant",
        "backward": "arriere",
        "loss": "cout",
    },
    "greek": {
        "X": "χ",
        "Y": "τ",
        "w1": "ω1",
        "w2": "ω2",
        "h": "η_",
        "p": "π",
        "dw1": "δω1",
        "dw2": "δω2",
        "mask": "μ",
        "lr": "η",
        "loss": "λ",
        "z1": "ζ1",
        "z2": "ζ2",
        "dz2": "δ2",
    },
}
_TORCH_ENDINGS = ("_t", "_torch", "_pt", "T", "_tensor", "")


def choose_names(chance: random.Random, library: str) -> Names:
    """Choose a name for everything, no two alike."""
    theme = _ELSEWHERE[chance.choice(list(_ELSEWHERE))] if chance.random() < 0.35 else {}
    ending = chance.choice(_TORCH_ENDINGS) if library == "torch" else ""
    taken: set[str] = set()
    names = {}
    for key, options in _PLAIN.items():
        choices = [theme[key]] if key in theme else chance.sample(options, len(options))
        if chance.random() < 0.4:
            choices = [*choices[:1], *options] if key in theme else [options[0], *choices]
        name = next((one for one in choices if one not in taken), f"{key}_{len(taken)}")
        taken.add(name)
        names[key] = name + ending if ending and key not in {"Net", "epoch"} else name
    return names
