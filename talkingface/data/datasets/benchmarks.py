"""The corpora that papers score on, as their distributors lay them out.

Where to put each, its licence and how its test list is made is said in
``properties/dataset/<name>.yaml``. All that differs between them is a `Layout`.
"""

from abc import abstractmethod
from collections.abc import Iterator

from talkingface.data.datasets.settings import MEADSettings, VoxCeleb2Settings
from talkingface.data.layout import Layout
from talkingface.data.listed import ListedDataset, View
from talkingface.data.manifest import Row
from talkingface.data.splits import SpeakerSplit
from talkingface.face.align.network_view import NetworkFrames


class Benchmark(ListedDataset):
    """A corpus that is read from the layout in which it is distributed."""

    @abstractmethod
    def layout(self) -> Layout:
        """Return where the clips lie."""

    def rows(self) -> Iterator[Row]:
        """Yield every clip that is on the disk."""
        return self.layout().rows(self.folder, self.settings.list_seed)

    def expected(self) -> str:
        """Draw the layout."""
        layout = self.layout()
        apart = f" (sound may lie apart, in {layout.sound})" if layout.sound else ""
        return (
            f"{self.settings.name} is read from {layout.path}{apart}, such as {layout.example}. "
            "Say where it lies with --dataset.folder=FOLDER; where it comes from stands in "
            f"properties/dataset/{self.settings.name}.yaml."
        )


class VoxCeleb2(Benchmark):
    """Interviews from YouTube, cut to faces of 224 px, which lie there as aligned faces do."""

    settings: VoxCeleb2Settings

    @property
    def view(self) -> View:
        """How its frames are shown."""
        return NetworkFrames if self.settings.view == "network" else super().view

    def layout(self) -> Layout:
        """Test speakers are the distributors'; a hundredth of the others validates."""
        return Layout(
            path="{part}/mp4/{speaker}/{video}/{clip}.mp4",
            sound="{part}/aac/{speaker}/{video}/{clip}.m4a",
            name="{speaker}_{video}_{clip}",
            example="test/mp4/id00017/01dfn2spqyE/00001.mp4",
            fields={"part": "dev|test", "speaker": r"id\d+"},
            parts={"dev": "train", "test": "test"},
            speakers=SpeakerSplit(val_share=0.01),
        )


class LRW(Benchmark):
    """One word in 29 frames of BBC television. It does not say who speaks."""

    def layout(self) -> Layout:
        """All three splits are the distributors'."""
        return Layout(
            path="{word}/{part}/{clip}.mp4",
            name="{clip}",
            example="lipread_mp4/ABOUT/test/ABOUT_00001.mp4",
            fields={"part": "train|val|test"},
            parts={"train": "train", "val": "val", "test": "test"},
        )


class LRS3(Benchmark):
    """Sentences from TED talks. A speaker is a talk."""

    def layout(self) -> Layout:
        """Test talks are the distributors'; a hundredth of the others validates."""
        return Layout(
            path="{part}/{speaker}/{clip}.mp4",
            name="{part}_{speaker}_{clip}",
            example="test/0Fi83BHQsMA/00002.mp4",
            fields={"part": "pretrain|trainval|test", "clip": r"\d+"},
            parts={"pretrain": "train", "trainval": "train", "test": "test"},
            speakers=SpeakerSplit(val_share=0.01),
        )


class HDTF(Benchmark):
    """Politicians and guests of a broadcast in high resolution, one clip after another."""

    def layout(self) -> Layout:
        """The authors name clips and split nothing: a tenth of the speakers is for the test."""
        return Layout(
            path="{speaker}{numbers}.mp4",
            name="{speaker}{numbers}",
            example="WDA_BarackObama_000.mp4",
            fields={"speaker": "[^/]+?", "numbers": r"(?:_\d+)+"},  # of the video and of the clip
            speakers=SpeakerSplit(test_share=0.1, val_share=0.05),
        )


class CremaD(Benchmark):
    """Twelve sentences in six emotions by 91 actors."""

    def layout(self) -> Layout:
        """Of the actors 70, 15 and 15 % are for training, validation and test."""
        return Layout(
            path="VideoFlash/{speaker}_{sentence}_{emotion}_{level}.flv",
            name="{speaker}_{sentence}_{emotion}_{level}",
            example="VideoFlash/1001_DFA_ANG_XX.flv",
            fields={"speaker": r"\d{4}"},
            speakers=SpeakerSplit(
                test_share=0.15,
                val_share=0.15,
                everyone=tuple(str(actor) for actor in range(1001, 1092)),
            ),
        )


class GRID(Benchmark):
    """A thousand commands of six words by each of 33 speakers, 75 frames each."""

    TEST = ("s2", "s4", "s11", "s13", "s15", "s18", "s19", "s25", "s31", "s33")
    WITHOUT_VIDEO = ("s21",)

    def layout(self) -> Layout:
        """Ten speakers of Vougioukas et al. are for the test, a tenth of the others validates."""
        speakers = [f"s{number}" for number in range(1, 35)]
        return Layout(
            path="{speaker}/{inside}{clip}.mpg",
            name="{speaker}_{clip}",
            example="s1/bbaf2n.mpg",
            fields={"speaker": r"s\d+", "inside": r"(?:video/)?(?:mpg_\w+/)?"},
            speakers=SpeakerSplit(
                test=frozenset(self.TEST),
                val_share=0.1,
                everyone=tuple(s for s in speakers if s not in self.TEST + self.WITHOUT_VIDEO),
            ),
        )


class MEAD(Benchmark):
    """Eight emotions in three strengths, filmed from seven sides at once; one side is read."""

    TEST = ("M003", "M030", "W009", "W015")

    settings: MEADSettings

    def layout(self) -> Layout:
        """Four actors that several papers agree on are for the test, a tenth validates."""
        return Layout(
            path="{speaker}/video/{view}/{emotion}/{level}/{clip}.mp4",
            sound="{speaker}/audio/{emotion}/{level}/{clip}.m4a",
            name="{speaker}_{view}_{emotion}_{level}_{clip}",
            example="M003/video/front/angry/level_1/001.mp4",
            fields={"speaker": r"[MW]\d{3}", "view": self.settings.view, "level": r"level_\d"},
            speakers=SpeakerSplit(test=frozenset(self.TEST), val_share=0.1),
        )
