"""Keys as they are said where one section is meant: ``steps`` for ``train.steps``."""

from talkingface.config.fields import field_types
from talkingface.config.settings import Settings
from talkingface.config.yaml_tree import PLAIN_VALUE, Section, insert


def written_out(keys: Section, section: str) -> Section:
    """Return `keys` with those of a section put below it; without a section, as they are.

    Behind ``evaluate``, ``--limit=2`` is ``--evaluate.limit=2``.
    """
    if not section:
        return keys
    own = field_types(field_types(Settings)[section])
    prefixed = Section({}, keys.origin)
    for key, tree in keys.entries.items():
        is_own = key in own and key not in field_types(Settings)
        below = f"{section}.{key}" if is_own else key
        if isinstance(tree, Section):
            for inner, value in tree.entries.items():
                name = below if inner == PLAIN_VALUE else f"{below}.{inner}"
                insert(prefixed, name, value, value.origin)
        else:
            insert(prefixed, below, tree, tree.origin)
    return prefixed
