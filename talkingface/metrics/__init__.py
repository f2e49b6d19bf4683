"""Scores: one file each, declared here."""

from talkingface.registry import MetricSpec

METRICS = (
    MetricSpec(
        "SSIM",
        "Structural similarity of each frame to the real one, 1 where equal; RGB, Gaussian window.",
        higher_is_better=True,
        metric="talkingface.metrics.ssim:SSIM",
    ),
    MetricSpec(
        "SSIM_gray",
        "SSIM of the frames in grey.",
        higher_is_better=True,
        metric="talkingface.metrics.ssim:SSIMGray",
    ),
    MetricSpec(
        "SSIM_flat",
        "SSIM in grey under a flat 7x7 window, scikit-image's default.",
        higher_is_better=True,
        metric="talkingface.metrics.ssim:SSIMFlat",
    ),
    MetricSpec(
        "MS_SSIM",
        "SSIM over five scales; frames must be larger than 160 px.",
        higher_is_better=True,
        metric="talkingface.metrics.ms_ssim:MSSSIM",
    ),
    MetricSpec(
        "PSNR",
        "Peak signal to noise ratio of each frame against the real one.",
        higher_is_better=True,
        metric="talkingface.metrics.psnr:PSNR",
        unit="dB",
    ),
    MetricSpec(
        "CPBD",
        "Sharpness of the generated frames alone; noise raises it too.",
        higher_is_better=True,
        metric="talkingface.metrics.cpbd:CPBD",
    ),
)
