"""B15: models over HTTP in TensorFlow Serving's words, behind the same gate as the app."""

import asyncio
import json
import re

import httpx
import numpy as np
import pytest
from starlette.routing import Route

import snowdome
from snowdome.model.fitted import fit_model
from snowdome.model.kept import card_for
from snowdome.server.keys import Keys
from snowdome.server.predict import MOST_BYTES, create_app, guarded, lines
from snowdome.server.serve import Place

PORT = 8501


class Client:
    """Requests to the app behind its gate, in this process."""

    def __init__(self, app, headers):
        self.app, self.headers = app, headers

    def request(self, method, path, headers=None, content=None):
        async def go():
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url=f"http://127.0.0.1:{PORT}") as client:
                return await client.request(method, path, headers=self.headers | (headers or {}), content=content)

        return asyncio.run(go())

    def get(self, path, **given):
        return self.request("GET", path, **given)

    def post(self, path, **given):
        return self.request("POST", path, **given)


@pytest.fixture(scope="module")
def models(digits):
    """One model of two versions."""
    fitted = {1: fit_model(digits[:500], "centroid"), 2: fit_model(digits[:500], "knn")}
    return {
        "digits": {
            version: (model, card_for(model, "digits", {"name": "digits", "hash": "0"}, {}, {}))
            for version, model in fitted.items()
        }
    }


@pytest.fixture(scope="module")
def asking(models):
    """A client with the token, and the keys."""
    keys = Keys(PORT)
    return Client(guarded(models, keys, "127.0.0.1", PORT), {"authorization": f"Bearer {keys.token}"})


def ask(asking, instances, path="/v1/models/digits:predict"):
    return asking.post(path, content=json.dumps({"instances": instances}))


def test_predictions_of_vectors_and_images(asking, models, digits):
    rows = digits.X[500:504]
    model = models["digits"][2][0]
    for instances in (rows.tolist(), rows.reshape(-1, 8, 8).tolist()):
        answer = ask(asking, instances)
        assert answer.status_code == 200
        np.testing.assert_allclose(answer.json()["predictions"], model.predict_proba(rows), atol=1e-6)
        assert answer.json()["labels"] == [str(code) for code in model.predict(rows)]
        assert answer.json()["classes"] == [str(code) for code in range(10)]
    assert ask(asking, []).json()["predictions"] == []


def test_the_newest_version_unless_one_is_named(asking, models, digits):
    row = digits.X[501:502]
    for path, version in (("digits:predict", 2), ("digits/versions/1:predict", 1), ("digits/versions/2:predict", 2)):
        answer = ask(asking, row.tolist(), f"/v1/models/{path}").json()["predictions"]
        np.testing.assert_allclose(answer, models["digits"][version][0].predict_proba(row), atol=1e-6)


def test_describes_its_models(asking):
    assert asking.get("/v1/models").json() == {"models": [{"name": "digits", "versions": [1, 2]}]}
    status = asking.get("/v1/models/digits").json()["model_version_status"]
    assert [(one["version"], one["state"]) for one in status] == [("1", "AVAILABLE"), ("2", "AVAILABLE")]
    assert asking.get("/v1/models/digits/versions/1").status_code == 200
    about = asking.get("/v1/models/digits/metadata").json()
    assert about["card"]["kind"] == "knn"
    assert about["takes"]["image_shape"] == [8, 8]


@pytest.mark.parametrize(
    "name", ["nobody", "digits/versions/9", "digits/versions/x", "..%2f..%2fetc%2fpasswd", "", "digits:predict"]
)
def test_models_that_are_not_there(asking, name):
    answer = ask(asking, [[0] * 64], f"/v1/models/{name}:predict")
    assert answer.status_code in (404, 405)
    assert "passwd" not in answer.text


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "The body is no"),
        (b"{}", "instances"),
        (b'{"instances": 3}', "instances"),
        (b'{"instances": [[1, 2, 3]]}', r"expected 64 values \(8×8\), got 3"),
        (b'{"instances": [["a"]]}', "numbers"),
        (b'{"instances": [[1, 2], [3]]}', "different lengths"),
        (b'{"instances": ' + b"[" * 5000 + b"]" * 5000 + b"}", "."),
        (b"\xff\xfe", "The body is no"),
        (json.dumps({"instances": [[float("nan")] * 64]}).encode(), "The body is no"),
        (b'{"instances": [[1e39' + b", 0" * 63 + b"]]}", "too large"),
    ],
)
def test_what_is_wrong_is_said(asking, body, says):
    answer = asking.post("/v1/models/digits:predict", content=body)
    assert answer.status_code == 400
    assert re.search(says, answer.json()["error"])
    assert "Traceback" not in answer.text


def test_bodies_are_bounded(asking):
    """S-13."""
    answer = asking.post("/v1/models/digits:predict", content=b"[" * (MOST_BYTES + 1))
    assert answer.status_code == 413


def test_every_route_is_behind_the_gate(models):
    """S-02: a walk over all routes."""
    client = Client(guarded(models, Keys(PORT), "127.0.0.1", PORT), {})
    routes = [route for route in create_app(models).routes if isinstance(route, Route)]
    assert len(routes) == 8
    for route in routes:
        path = route.path.replace("{name}", "digits").replace("{version}", "1")
        for method in route.methods or ():
            wanted = 200 if path == "/healthz" else 401
            assert client.request(method, path, headers={"sec-fetch-site": "same-origin"}).status_code == wanted
            answer = client.request(method, path, headers={"authorization": "Bearer no", "host": f"127.0.0.1:{PORT}"})
            assert answer.status_code in ({200} if path == "/healthz" else {403})
            assert client.request(method, path, headers={"host": "evil.com"}).status_code == 403
    assert client.get("/healthz").headers["content-security-policy"].startswith("default-src 'none'")


def test_pages_of_other_sites_cannot_ask(asking):
    """S-05."""
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "http://127.0.0.1:9999"}, {"origin": "null"}):
        assert asking.post("/v1/models/digits:predict", headers=headers).status_code == 403


def test_what_the_terminal_says(models):
    keys = Keys(PORT)
    said = lines(models, Place(port=PORT), PORT + 1, keys, loopback=True)
    assert said[0] == "snowdome serves digits (2)"
    assert f"Port {PORT} is busy" in said[1]
    assert f"Bearer {keys.token}" in said[2]
    assert said[2].endswith("/v1/models/digits:predict")


def test_served_until_ctrl_c(python, tmp_path):
    """The command as it is run: it answers with the token that it prints, and ends."""
    program = """
        import re, signal, subprocess, sys, json, urllib.request
        made = subprocess.run([sys.executable, "-m", "snowdome", "train", "digits", "--kind", "centroid", "--out",
                               sys.argv[1]], capture_output=True, text=True)
        assert made.returncode == 0, made.stderr
        served = subprocess.Popen([sys.executable, "-m", "snowdome", "serve", sys.argv[1], "--port", "0"],
                                  stdout=subprocess.PIPE, text=True)
        try:
            served.stdout.readline()
            token, url = re.search(r"Bearer (\\S+)'.* (http://\\S+)$", served.stdout.readline().strip()).groups()
            body = json.dumps({"instances": [[0] * 64]}).encode()
            asked = urllib.request.Request(url, body, {"Authorization": "Bearer " + token})
            answer = json.load(urllib.request.urlopen(asked))
            assert len(answer["predictions"][0]) == 10
        finally:
            served.send_signal(signal.SIGINT)
            assert served.wait(10) == 0
    """
    done = python(program, str(tmp_path / "m.safetensors"), timeout=60)
    assert done.returncode == 0, done.stderr


def test_models_answer_as_the_library(models, digits):
    assert isinstance(digits, snowdome.Dataset)
    model = models["digits"][1][0]
    assert (model.predict(digits[500:510]) == model.predict(digits.X[500:510])).all()
