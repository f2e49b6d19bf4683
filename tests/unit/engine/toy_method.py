"""A method of two small networks, whose authors published a file of each."""

from dataclasses import dataclass, field

import torch
from torch import nn

from talkingface.config.settings import ModelSettings
from talkingface.models.base import PublishedFile, PublishedWeights, TalkingFaceModel
from talkingface.registry import ModelSpec

ROW = """
toy:
  used_by: Toy, its networks
  licence: as toys are
  page: https://example.org/toy
  file: toy.zip
  folder: unpacked
  model: Toy
  holds: [net_G.pth, net_E.pth]
"""


@dataclass(frozen=True)
class ToySizes:
    width: int = 2


@dataclass(frozen=True)
class ToySettings(ModelSettings):
    network: ToySizes = field(default_factory=ToySizes)


def own_name(published):
    return published.replace("mapper.", "line.")


class Toy(TalkingFaceModel):
    """Its authors called a line a mapper, once; they had a head of 5 classes, and a style."""

    published = PublishedWeights(
        {
            "net_G.pth": PublishedFile(
                "drawer", own_name, unused=("style.*",), heads={"head.weight": (5, 3)}
            ),
            "net_E.pth": PublishedFile("seer", may_hold_more=True),
        },
        ToySizes(3),
    )

    def __init__(self, settings):
        super().__init__(settings)
        width = settings.network.width
        self.drawer = nn.ModuleDict({"line": nn.Linear(width, 1)})
        self.seer = nn.Linear(1, width)

    def generate(self, job):
        raise AssertionError("never asked for")


SPEC = ModelSpec("Toy", "Two lines.", model=Toy, config=ToySettings)


def published_tensors():
    """Return what the authors' files hold."""
    return {
        "net_G.pth": {
            "mapper.weight": torch.tensor([[1.0, 2.0, 3.0]]),
            "mapper.bias": torch.tensor([4.0]),
            "style.0.weight": torch.zeros(9, 9),
            "head.weight": torch.zeros(5, 3),
        },
        "net_E.pth": {
            "weight": torch.tensor([[5.0], [6.0], [7.0]]),
            "bias": torch.tensor([8.0, 9.0, 10.0]),
        },
    }


def write_published(folder, tensors=None):
    """Write the authors' files into a folder, and return where each lies."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, held in (tensors or published_tensors()).items():
        torch.save(held, folder / name)
    return {name: folder / name for name in tensors or published_tensors()}
