from torch import *
import pickle as p
name = "a"
name = "b"
load(name)          # through the star import
p.load(name)        # bound twice: not known
def shadow(p):
    p.load("x")     # a parameter, not the module
class A:
    pickle = None
    def m(self):
        p.loads(b"x")
for p2 in [1, 2]:
    p.load(p2)
def cycle():
    a = b
    b = a
    p.load(a)
try:
    import cPickle as q
except ImportError:
    q = None
q.load(open("f.pkl", "rb"))
