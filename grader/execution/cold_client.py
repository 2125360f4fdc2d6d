"""nbclient, made to send cells and to hand on outputs, and nothing else."""

import logging
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete

from grader.execution.outputs import NotebookOutputs

# Jupyter reports as errors what is an ordinary outcome here: a cell too slow, a kernel that died.
SILENCE = logging.getLogger(f"{__name__}.jupyter")
SILENCE.addHandler(logging.NullHandler())
SILENCE.propagate = False


class CellClient(NotebookClient):
    """Sends cells and hands every output to `outputs`; nothing else reaches the notebook."""

    def __init__(
        self,
        notebook: Any,
        manager: AsyncKernelManager,
        client: AsyncKernelClient,
        outputs: NotebookOutputs,
    ) -> None:
        super().__init__(
            notebook,
            km=manager,
            timeout=None,
            allow_errors=True,
            record_timing=False,
            coalesce_streams=False,
            log=SILENCE,
        )
        self.kc = client
        self.outputs = outputs
        self.reply: dict[str, Any] = {}
        self.complete = False
        self.on_cell_executed = self._keep_reply

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> None:
        """Take one message; the cell is done when the kernel says that it is idle."""
        if msg["msg_type"] == "status":
            if msg["content"].get("execution_state") == "idle":
                self.complete = True
                raise CellExecutionComplete
            return
        self.outputs.receive(cell_index, msg)

    def _keep_reply(self, cell: Any, cell_index: int, execute_reply: Any) -> None:
        """Keep the kernel's answer, from which the cell's outcome is read."""
        self.reply = execute_reply["content"] if execute_reply else {}
