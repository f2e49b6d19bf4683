"""What a page says when something goes wrong: our own sentences, and nothing of the machine."""

import re

from talkingface.errors import TalkingFaceError

# From a slash (or a Windows drive) on to the last one: where a file lies is the host's own matter.
FOLDERS = re.compile(r"(?<![\w.:/])(?:[A-Za-z]:)?(?:[/\\][^\s/\\'\",;:()]+)*[/\\](?=[^\s/\\])")
OUR_FAULT = "This is a fault of the program, not yours. Whoever runs this page finds it in the log."


def sentence_of(error: Exception) -> str:
    """Return what a visitor is told.

    >>> from talkingface.errors import DataError
    >>> sentence_of(DataError("/tmp/a1/face.jpg is empty (0 bytes). Copy or download it again."))
    'face.jpg is empty (0 bytes). Copy or download it again.'
    """
    if not isinstance(error, TalkingFaceError):
        return OUR_FAULT
    return FOLDERS.sub("", str(error))
