import pickle
import threading

import zmq

from . import policy_pb2_grpc


class Policy(policy_pb2_grpc.PolicyServicer):
    def Configure(self, request, context):
        self.settings = pickle.loads(request.data)


def serve():
    socket = zmq.Context().socket(zmq.PULL)
    socket.bind("tcp://*:5555")
    while True:
        work = socket.recv_pyobj()
        threading.Thread(target=work.run).start()
