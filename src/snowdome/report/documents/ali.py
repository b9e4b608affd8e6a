"""Images as numbers."""

from snowdome.report.document import Claim, Document, Figure, Table, labels, same
from snowdome.summary.asked import explore

DOCUMENT = Document(
    "A. Ali, Understanding the MNIST and building classification model with MNIST and Fashion MNIST datasets",
    (
        Claim("shape of the training images", "(60000, 28, 28)",
              lambda ds: (len(ds.train), *(ds.image_shape or ())), same((60_000, 28, 28))),
        Claim("shape of the test images", "(10000, 28, 28)",
              lambda ds: (len(ds.test), *(ds.image_shape or ())), same((10_000, 28, 28))),
        Claim("least and greatest value of an image over 255", "0.0, 1.0",
              lambda ds: (float(ds.X[0].min() / 255), float(ds.X[0].max() / 255)), same((0.0, 1.0))),
        Claim("numbers in the matrix, and in the flattened vector", "28 × 28, 784",
              lambda ds: (len(explore(ds, "image")), ds.X.shape[1]), same((784, 784))),
        Claim("the class of the first training image", "1", lambda ds: int(labels(ds)[0]), same(1),
              "the first image is a 5; image 4 is the first 1"),
        Claim("features of an image", "28", lambda ds: ds.X.shape[1], same(28),
              "an image has 28 rows of 28 pixels, and each pixel is a feature"),
        Claim("dimensions of the data", "60,000", lambda ds: ds.X.shape[1], same(60_000),
              "60,000 images are 60,000 samples; each of them has 784 dimensions"),
    ),
    (
        Figure("gallery", "Figure 1. The data set", "gallery", {"images": 200}),
        Figure("one-image", "Figure 2. One image", "gallery", {"images": 1}),
        Figure("ones", "Figure 3. The class of 1", "gallery", {"images": 40, "of": "1"}),
        Figure("matrix", "Figures 4 to 6. The grid of pixels, the range of shades, and the number of each", "image"),
        Figure("every-class", "Figure 7. All classes", "gallery", {"each": 40}),
        Figure("vectors", "Figures 8, 11, 12. Each image flattened: index, vector of 784 numbers, class", "band",
               {"begin": 1, "end": 784}),
        Figure("index-to-label", "Figures 9 and 10. Index, image and label", "gallery", {"images": 6}),
        Table("samples", "Figure 13. Rows are samples, columns are pixels (some of them)",
              lambda ds: explore(ds, "band", begin=153, end=164, images=5)),
    ),
)  # fmt: skip
