"""Talks to a server as clients of Triton and KServe do: python triton_client.py HOST:PORT EXPECTED.json

EXPECTED.json holds the model's name, its images ([N, H, W, C]) and the probabilities that the library gives for them.
"""

import json
import sys

import numpy as np
import tritonclient.http as triton

address, expected_file = sys.argv[1:]
with open(expected_file) as file:
    expected = json.load(file)
name = expected["model"]
images = np.array(expected["images"], dtype=np.uint8).reshape(expected["shape"])
probabilities = np.array(expected["probabilities"], dtype=np.float32).reshape(len(images), -1)

client = triton.InferenceServerClient(address, concurrency=4)
assert client.is_server_live() and client.is_server_ready() and client.is_model_ready(name)
server = client.get_server_metadata()
assert "binary_tensor_data" in server["extensions"]
about = client.get_model_metadata(name)
[version] = about["versions"]
assert about["inputs"][0]["shape"] == [-1, *images.shape[1:]]
assert about["outputs"][0]["shape"] == [-1, probabilities.shape[1]]


def ask(datatype, binary_in, binary_out, given=images, **more):
    tensor = triton.InferInput("images", list(given.shape), datatype)
    values = given.astype(np.float32) if datatype == "FP32" else given
    tensor.set_data_from_numpy(values, binary_data=binary_in)
    output = triton.InferRequestedOutput("probabilities", binary_data=binary_out)
    answer = client.infer(name, [tensor], outputs=[output], request_id="a-1", **more)
    assert answer.get_response()["id"] == "a-1"
    assert answer.get_response()["model_version"] == version
    return answer.as_numpy("probabilities")


ways = 0
for datatype in ["UINT8", "FP32"]:
    for binary_in in [True, False]:
        for binary_out in [True, False]:
            assert np.array_equal(ask(datatype, binary_in, binary_out), probabilities)
            ways += 1
assert np.array_equal(ask("UINT8", True, True, model_version=version), probabilities)

tensor = triton.InferInput("images", list(images.shape), "UINT8")
tensor.set_data_from_numpy(images)
assert np.array_equal(client.infer(name, [tensor]).as_numpy("probabilities"), probabilities)

for binary in [True, False]:
    output = triton.InferRequestedOutput("probabilities", binary_data=binary, class_count=2)
    found = client.infer(name, [tensor], outputs=[output]).as_numpy("probabilities")
    assert found.shape == (len(images), 2)
    for row, text in zip(probabilities, found[:, 0]):
        score, index, _ = (text.decode() if isinstance(text, bytes) else text).split(":", 2)
        assert int(index) == row.argmax() and abs(float(score) - row.max()) < 1e-5

pending = [client.async_infer(name, [tensor]) for _ in range(32)]
assert all(np.array_equal(each.get_result().as_numpy("probabilities"), probabilities) for each in pending)

wrong = triton.InferInput("images", [1, *images.shape[1:]], "UINT8")
wrong.set_data_from_numpy(images[:1])
for call in [
    lambda: client.infer("../" + name, [wrong]),
    lambda: client.infer(name, [wrong], model_version="none"),
    lambda: client.infer(name, [wrong], request_compression_algorithm="gzip"),
]:
    try:
        call()
    except triton.InferenceServerException as error:
        assert error.message(), error
    else:
        raise AssertionError("It was answered.")
client.close()
print(f"tritonclient: {ways} ways to ask, and classifications, agree to the bit.")
