"""A list of clips is read, or a sentence names the row that is wrong."""

import pytest

from talkingface.data.clip_list import COLUMNS, ListedClip, read_clip_list
from talkingface.errors import DataError

HEAD = ",".join(COLUMNS)


def write(tmp_path, *rows, head=HEAD):
    path = tmp_path / "list.csv"
    path.write_text("\n".join([head, *rows]))
    return path


def test_every_column_is_read_and_paths_begin_in_the_folder_of_the_list(tmp_path):
    path = write(tmp_path, "a,face.png,speech.wav,nod.mp4,sub/truth.mp4,5,75")
    assert read_clip_list(path) == [
        ListedClip(
            "a",
            tmp_path / "sub/truth.mp4",
            tmp_path / "face.png",
            tmp_path / "speech.wav",
            tmp_path / "nod.mp4",
            5,
            75,
        )
    ]


def test_the_truth_alone_is_enough(tmp_path):
    (one,) = read_clip_list(write(tmp_path, "sub/truth.mp4", head="ground_truth_video"))
    assert one == ListedClip("sub_truth", tmp_path / "sub/truth.mp4")
    assert one.is_whole


@pytest.mark.parametrize(
    ("rows", "head", "message"),
    [
        (["a.mp4"], "ground_truth_vidio", r"list.csv:2: unknown column .* Did you mean"),
        (["a,,,,,,"], HEAD, "list.csv:2: the row has no `ground_truth_video`"),
        (["x/y,,,,a.mp4,,"], HEAD, "cannot name a file"),
        (["a,,,,a.mp4,soon,"], HEAD, "`start` is a number of frames, not 'soon'"),
        (["a,,,,a.mp4,,,more"], HEAD, "more values than columns"),
        (["a,,,,a.mp4,,", "a,,,,b.mp4,,"], HEAD, "names a twice"),
        ([], HEAD, "has no row"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, rows, head, message):
    with pytest.raises(DataError, match=message):
        read_clip_list(write(tmp_path, *rows, head=head))


def test_a_list_that_is_not_there_is_said(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_clip_list(tmp_path / "nothing.csv")
