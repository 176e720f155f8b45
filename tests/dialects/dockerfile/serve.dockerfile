FROM nvcr.io/nvidia/tritonserver@sha256:1111111111111111111111111111111111111111111111111111111111111111
USER 1000:1000
ENTRYPOINT ["tritonserver"]
CMD ["--model-repository=/models", "--model-control-mode=explicit"]
