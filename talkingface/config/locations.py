"""Where the files that come with the program lie: in a checkout or in the installed package."""

from pathlib import Path

from talkingface.errors import ConfigError

PACKAGE = Path(__file__).resolve().parent.parent


def properties_folder() -> Path:
    """Return the folder of the settings files that come with the program."""
    return _shipped("properties")


def checkpoints_folder() -> Path:
    """Return the folder of the demo weights and of the table of published weights."""
    return _shipped("checkpoints")


def weights_table() -> Path:
    """Return the table of published weights."""
    return checkpoints_folder() / "weights.yaml"


def demo_weights(model: str) -> Path:
    """Return where the demo weights of a method lie, if it has any."""
    return checkpoints_folder() / model / "demo.safetensors"


def find_settings_file(path: str) -> Path:
    """Return the settings file that `path` means: as given, or else below ``properties/``.

    Of a path that itself goes through a folder called ``properties``, what follows counts.

    Raises:
        ConfigError: There is no such file in either place.
    """
    given = Path(path)
    if given.is_file():
        return given
    parts = given.parts
    after = parts[parts.index("properties") + 1 :] if "properties" in parts else parts
    shipped = properties_folder().joinpath(*after)
    if not given.is_absolute() and ".." not in after and shipped.is_file():
        return shipped
    raise ConfigError(
        f"There is no settings file {path}. Looked for it as given and in {properties_folder()}."
    )


def _shipped(name: str) -> Path:
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name
