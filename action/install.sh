#!/usr/bin/env bash
# Installs the grader of this action into an environment of its own, never into the ambient one.
set -euo pipefail

venv="${GRADMARK_VENV:-$RUNNER_TEMP/gradmark-venv}"
python="$venv/bin/python"
workspace="${GITHUB_WORKSPACE:-$PWD}"

# uv reads settings and projects where it is started, and the workspace is the student's.
cd "$RUNNER_TEMP"

choose_torch() {
    case "${INPUT_TORCH:-auto}" in
        cpu) export UV_TORCH_BACKEND=cpu ;;
        none) unset UV_TORCH_BACKEND ;;
        # Elsewhere the machine's own index decides; it need not be one that uv knows.
        auto) if [ "${RUNNER_ENVIRONMENT:-}" = github-hosted ]; then export UV_TORCH_BACKEND=cpu; fi ;;
        *) echo "::error::torch is one of none, cpu and auto" && exit 1 ;;
    esac
}

wanted() { sed -n 's/^version = "\(.*\)"$/\1/p' "$GITHUB_ACTION_PATH/pyproject.toml"; }
installed() { "$python" -I -c 'import grader; print(grader.__version__)' 2>/dev/null || true; }

choose_torch
if [ "$(installed)" != "$(wanted)" ]; then
    [ -x "$python" ] || uv venv --quiet --python "${INPUT_PYTHON_VERSION:-3.12}" "$venv"
    uv pip install --quiet --python "$python" "$GITHUB_ACTION_PATH"
fi
if [ -n "${INPUT_REQUIREMENTS:-}" ]; then
    uv pip install --quiet --python "$python" --requirements "$workspace/$INPUT_REQUIREMENTS"
fi
echo "python=$python" >> "$GITHUB_OUTPUT"
