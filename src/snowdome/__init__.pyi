from snowdome.chart.of_summary import picture as picture
from snowdome.core.errors import DataError as DataError
from snowdome.core.errors import MissingDataError as MissingDataError
from snowdome.core.errors import OptionError as OptionError
from snowdome.core.errors import SnowdomeError as SnowdomeError
from snowdome.data.dataset import Dataset as Dataset
from snowdome.data.photo import photo as photo
from snowdome.data.source import open_dataset as open
from snowdome.data.split import split as split
from snowdome.layout.base import Frame as Frame
from snowdome.layout.methods.graph import KNNGraph as KNNGraph
from snowdome.layout.methods.isomap import Isomap as Isomap
from snowdome.layout.methods.mds import MDS as MDS
from snowdome.layout.methods.pca import PCA as PCA
from snowdome.layout.methods.sammon import Sammon as Sammon
from snowdome.layout.methods.sne import SNE as SNE
from snowdome.layout.methods.spectrum import Spectrum as Spectrum
from snowdome.layout.methods.tsne import TSNE as TSNE
from snowdome.layout.methods.umap import UMAPLike as UMAPLike
from snowdome.model.suspects import find_suspects as suspects
from snowdome.summary.asked import atypical as atypical
from snowdome.summary.asked import centroids as centroids
from snowdome.summary.asked import explore as explore

__version__: str
