import subprocess
subprocess.run(["nvidia-smi"])
