"""The verb `download`: published weights, fetched or taken from a file that is here already."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from talkingface.cli.call import Call
from talkingface.config.locations import checkpoints_folder, weights_table
from talkingface.engine.progress import progress
from talkingface.errors import UsageError
from talkingface.storage.catalogue import PublishedFile, find, load_catalogue
from talkingface.storage.download import Inspection, Join, Presence, accept, fetch, inspect


@dataclass(frozen=True)
class DownloadOptions:
    """How weights come in."""

    from_: str | None = None
    """A file that you fetched by hand, to be checked and put in its place."""


def download(call: Call) -> int:
    """Fetch the named files; without a name, show the table of what can be had."""
    options = call.options()
    assert isinstance(options, DownloadOptions)
    catalogue = load_catalogue(weights_table())
    names = call.arguments.words
    if not names:
        if options.from_:
            raise UsageError("Say which weights the file holds: download NAME --from FILE.")
        print("\n".join(_line(entry) for entry in catalogue))
        print("\nfetch one: download NAME; fetched by hand: download NAME --from FILE")
        return 0
    if options.from_ and len(names) > 1:
        raise UsageError("--from gives one file; name the one that it is.")
    for entry in [find(catalogue, name) for name in names]:
        join = _join_for(call, entry)
        there = _taken(entry, options.from_, join) if options.from_ else _fetched(entry, join)
        print(f"{entry.name}: {', '.join(str(path) for path in there.paths)}")
        if there.remark:
            print(f"  {there.remark}")
    return 0


def _taken(entry: PublishedFile, file: str, join: Join) -> Inspection:
    return accept(entry, Path(file), checkpoints_folder(), join)


def _fetched(entry: PublishedFile, join: Join) -> Inspection:
    with progress(f"fetching {entry.name}") as step:
        return fetch(entry, checkpoints_folder(), step, join=join)


def _join_for(call: Call, entry: PublishedFile) -> Join:
    """Return what makes one file of those of the method that the entry is of."""

    def join(files: Mapping[str, Path], out: Path) -> None:
        from talkingface.engine.published_weights import joined
        from talkingface.storage.weights import write_weights

        write_weights(out, joined(call.registry.models.get(str(entry.model)), files))

    return join


def _told_size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.0f} MB" if size_bytes >= 1e6 else f"{size_bytes / 1e3:.0f} kB"


def _line(entry: PublishedFile) -> str:
    words = {
        Presence.MISSING: "not here",
        Presence.WRONG: "WRONG",
        Presence.UNVERIFIED: "here, checksum not published",
        Presence.RIGHT: "here",
    }
    there = words[inspect(entry, checkpoints_folder()).presence]
    size = _told_size(entry.size) if entry.size else "size unknown"
    return (
        f"{entry.name}: {there}\n  for {entry.used_by}; {size}; licence: {entry.licence}\n"
        f"  {entry.page}"
    )
