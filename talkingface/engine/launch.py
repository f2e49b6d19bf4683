"""How torchrun started this process; alone, where it did not."""

import logging
import os
import sys
from dataclasses import dataclass
from typing import Literal, Self


@dataclass(frozen=True)
class Launch:
    """This process among those of its job."""

    rank: int = 0
    size: int = 1
    local_size: int = 1  # processes on this machine
    job: str = ""  # torchrun's name for the job, the same after a restart
    restarts: int = 0  # how often torchrun has started the job anew after a process died

    @classmethod
    def of_this_process(cls) -> Self:
        """Read what torchrun says in the environment."""
        said = os.environ
        return cls(
            rank=int(said.get("RANK", "0")),
            size=int(said.get("WORLD_SIZE", "1")),
            local_size=int(said.get("LOCAL_WORLD_SIZE", "1")),
            job=said.get("TORCHELASTIC_RUN_ID", ""),
            restarts=int(said.get("TORCHELASTIC_RESTART_COUNT", "0")),
        )

    def join(self, backend: Literal["gloo", "nccl"]) -> None:
        """Connect this process with the others of its job, once."""
        from torch.distributed import distributed_c10d as distributed
        from torch.distributed.rendezvous import rendezvous

        if self.size == 1 or distributed.is_initialized():
            return
        store, rank, size = next(rendezvous("env://"))
        # The store outlives a restart, and holds the addresses of processes that are gone.
        fresh = distributed.PrefixStore(f"start-{self.restarts}", store)
        distributed.init_process_group(backend, store=fresh, rank=rank, world_size=size)

    @property
    def num_machines(self) -> int:
        """Machines that the job runs on."""
        return self.size // self.local_size


def leave_job(exit_code: int) -> None:
    """End this process, if it is one of several, at once and with everything written.

    The threads of the connection outlive it, and an ordinary end is now and then aborted by them.
    """
    if Launch.of_this_process().size == 1:
        return
    distributed = sys.modules.get("torch.distributed")
    if distributed is not None and distributed.is_available() and distributed.is_initialized():
        distributed.destroy_process_group()
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(exit_code)
