import pytest

import snowdome


@pytest.fixture(scope="session")
def mnist_map(mnist):
    """The map of all 70,000 images, made once."""
    return snowdome.TSNE(random_state=0).fit_transform(mnist.X)
