"""Numbers of papers stand beside ours only where somebody can check them."""

from talkingface.engine.paper_numbers import NUMBERS, paper_numbers
from talkingface.plugins import discover


def test_every_number_is_of_a_known_dataset_and_metric_and_names_its_source():
    known = discover()
    for one in NUMBERS:
        assert known.datasets.get(one.dataset)
        assert known.metrics.get(one.metric)
        assert one.source
        assert one.value > 0


def test_a_method_is_found_however_its_name_is_written():
    found = paper_numbers("pc-avs", "lrw")
    assert {name: one.value for name, one in found.items()} == {"SSIM": 0.861}
    assert paper_numbers("PC_AVS", "SynthTalk") == {}
