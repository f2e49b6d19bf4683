"""Numbers of papers that are certain enough to stand beside ours.

A number is here if it was read twice from sources that do not know of each other, or is quoted by a
later paper. All others that we remember stay out: a wrong target is worse than none. Even these say
nothing of the crop and the list of clips behind them.
"""

from dataclasses import dataclass

from talkingface.errors import normalized


@dataclass(frozen=True)
class PaperNumber:
    """What a paper reports of a method on a dataset's test split."""

    method: str
    dataset: str
    metric: str
    value: float
    source: str


_PC_AVS = "Zhou et al. 2021, table 1"
_EDTALK = "Tan et al. 2024 (EDTalk), a run by others"

NUMBERS = (
    PaperNumber("PC_AVS", "LRW", "SSIM", 0.861, _PC_AVS),
    PaperNumber("PC_AVS", "VoxCeleb2", "SSIM", 0.886, _PC_AVS),
    PaperNumber("PD_FGC", "MEAD", "PSNR", 21.520, _EDTALK),
    PaperNumber("PD_FGC", "MEAD", "M_LMD", 1.571, _EDTALK),
    PaperNumber("PD_FGC", "HDTF", "PSNR", 23.142, _EDTALK),
)


def paper_numbers(method: str, dataset: str) -> dict[str, PaperNumber]:
    """Return what is known of a method on the test split of a dataset, by metric."""
    wanted = (normalized(method), normalized(dataset))
    return {
        one.metric: one
        for one in NUMBERS
        if (normalized(one.method), normalized(one.dataset)) == wanted
    }
