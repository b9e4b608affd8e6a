"""One BLAS thread means one in every BLAS of the process, also in one that is loaded later."""


def test_every_library_is_limited(python):
    program = (
        "from snowdome.core.threads import one_blas_thread\n"
        "import numpy\n"
        "with one_blas_thread():\n"
        "    import scipy.linalg, threadpoolctl\n"
        "    found = [each for each in threadpoolctl.threadpool_info() if each['user_api'] == 'blas']\n"
        "    assert len(found) >= 1, found\n"
        "    assert all(each['num_threads'] == 1 for each in found), found\n"
    )
    done = python(program)
    assert done.returncode == 0, done.stderr
