"""Puts the settings and weights, which lie beside the package, inside of it in the wheel.

Everything else about the package stands in pyproject.toml, which cannot say this.
"""

from setuptools import find_packages, setup

setup(
    packages=[
        *find_packages(include=["talkingface", "talkingface.*"]),
        "talkingface.properties",
        "talkingface.checkpoints",
    ],
    package_dir={
        "talkingface.properties": "properties",
        "talkingface.checkpoints": "checkpoints",
    },
    package_data={
        "talkingface": ["*/*/README.md", "report/page.*", "web/page.css"],
        "talkingface.properties": ["*.md", "*.yaml", "*/*.yaml"],
        "talkingface.checkpoints": ["*.md", "*.yaml", "*/demo*.safetensors", "*/README.md"],
    },
)
