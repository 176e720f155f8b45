pip install tensorfow==2.15.0
