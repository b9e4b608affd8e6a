"""Where the files of known data sets are fetched from, most reliable first, and how to tell that they are right.

The digests are those that torchvision (MD5), keras and TensorFlow Datasets (SHA-256) publish; all that are given must
be found. They check downloads only: what was read from the files is checked by the payload hashes of the catalogue.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Download:
    """One file: its name, its bytes, and its digests, MD5 or SHA-256 by their length.

    `exact` is False where the size is only a bound, since none is published.
    """

    name: str
    size: int
    digests: tuple[str, ...]
    exact: bool = True


@dataclasses.dataclass(frozen=True)
class Source:
    """The files of a data set, the addresses that hold all of them, and the folder that they are kept in.

    Where `members` is not empty, the one file is a zip that holds the data set's own files in the folder of that name.
    """

    folder: str
    mirrors: tuple[str, ...]
    files: tuple[Download, ...]
    members: str = ""

    @property
    def size(self) -> int:
        """The bytes of all files, at most."""
        return sum(file.size for file in self.files)


_EMNIST = ("balanced", "byclass", "bymerge", "digits", "letters", "mnist")

SOURCES: dict[str, Source] = {
    "fashion-mnist": Source(
        folder="fashion-mnist",
        mirrors=(
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        ),
        files=(
            Download("train-images-idx3-ubyte.gz", 26_421_880,
                     ("3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",)),
            Download("train-labels-idx1-ubyte.gz", 29_515,
                     ("a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",)),
            Download("t10k-images-idx3-ubyte.gz", 4_422_102,
                     ("346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",)),
            Download("t10k-labels-idx1-ubyte.gz", 5_148,
                     ("67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",)),
        ),
    ),
    "kmnist": Source(
        folder="kmnist",
        mirrors=("http://codh.rois.ac.jp/kmnist/dataset/kmnist/",),
        files=(
            Download("train-images-idx3-ubyte.gz", 18_165_135,
                     ("bdb82020997e1d708af4cf47b453dcf7",
                      "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4")),
            Download("train-labels-idx1-ubyte.gz", 29_497,
                     ("e144d726b3acfaa3e44228e80efcd344",
                      "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17")),
            Download("t10k-images-idx3-ubyte.gz", 3_041_136,
                     ("5c965bf0a639b31b8f53240b1b52f4d7",
                      "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5")),
            Download("t10k-labels-idx1-ubyte.gz", 5_120,
                     ("7320c461ea6c1c855c0b718fb2a4b134",
                      "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c")),
        ),
    ),
    "mnist": Source(
        folder="mnist",
        mirrors=(
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ),
        files=(
            Download("train-images-idx3-ubyte.gz", 9_912_422,
                     ("440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",)),
            Download("train-labels-idx1-ubyte.gz", 28_881,
                     ("3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",)),
            Download("t10k-images-idx3-ubyte.gz", 1_648_877,
                     ("8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",)),
            Download("t10k-labels-idx1-ubyte.gz", 4_542,
                     ("f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",)),
        ),
    ),
    "qmnist": Source(  # no sizes are published: these are bounds
        folder="qmnist",
        mirrors=("https://raw.githubusercontent.com/facebookresearch/qmnist/master/",),
        files=(
            Download("qmnist-train-images-idx3-ubyte.gz", 16_000_000,
                     ("ed72d4157d28c017586c42bc6afe6370",), exact=False),
            Download("qmnist-train-labels-idx2-int.gz", 1_000_000,
                     ("0058f8dd561b90ffdd0f734c6a30e5e4",), exact=False),
            Download("qmnist-test-images-idx3-ubyte.gz", 16_000_000,
                     ("1394631089c404de565df7b7aeaf9412",), exact=False),
            Download("qmnist-test-labels-idx2-int.gz", 1_000_000,
                     ("5b5b05890a5e13444e108efe57b788aa",), exact=False),
        ),
    ),
} | {
    f"emnist-{part}": Source(
        folder="emnist",
        mirrors=(
            "https://biometrics.nist.gov/cs_links/EMNIST/",
            "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/",
        ),
        files=(
            Download("gzip.zip", 561_753_746,
                     ("58c8d27c78d21e728a6bc7b3cc06412e",
                      "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e")),
        ),
        members="gzip/",
    )
    for part in _EMNIST
}  # fmt: skip
