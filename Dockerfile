# The toolkit in a container; without a word it runs the demo.
#
#   docker build -t talkingface .                        for a CPU, and for GPUs by torch's own CUDA
#   docker build --build-arg BASE=nvidia/cuda:12.8.1-base-ubuntu24.04 -t talkingface .
#   docker run --rm -v "$PWD:/work" talkingface
#   docker run --rm --gpus all -v "$PWD:/work" talkingface list
#
# Any base of Debian or Ubuntu will do that has Python 3.11 or newer, or whose packages do.
ARG BASE=python:3.11-slim
FROM ${BASE}

# The index that pytorch.org names for the smaller CPU build; empty takes torch from where pip looks.
ARG TORCH_INDEX_URL=
# Optional parts: `ui` for the web page, `demo` for read voices, or several with commas.
ARG EXTRAS=

# Images of CUDA come without Python.
RUN python3 -c "import ensurepip" 2>/dev/null \
    || (apt-get update \
        && apt-get install --yes --no-install-recommends python3 python3-venv \
        && rm -rf /var/lib/apt/lists/*)
RUN python3 -m venv /opt/talkingface \
    && useradd --create-home talkingface \
    && install --directory --owner=talkingface /work
ENV PATH=/opt/talkingface/bin:$PATH PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1

# What seldom changes first, so that a change of the program does not fetch torch again.
COPY requirements.txt /tmp/requirements.txt
RUN if [ -n "$TORCH_INDEX_URL" ]; then \
        pip install --index-url "$TORCH_INDEX_URL" "$(grep '^torch' /tmp/requirements.txt)"; \
    fi \
    && pip install -r /tmp/requirements.txt
COPY . /tmp/source
RUN pip install "/tmp/source${EXTRAS:+[$EXTRAS]}"

# Runs, data and videos are written where the container is told to: -v "$PWD:/work".
USER talkingface
WORKDIR /work
ENTRYPOINT ["talkingface"]
CMD ["--model=PC_AVS", "--dataset=PC_AVSDataset"]
