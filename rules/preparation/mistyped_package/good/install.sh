pip install tensorflow==2.15.0
