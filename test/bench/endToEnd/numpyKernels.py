#!/usr/bin/env python3
"""Prints which OpenBLAS this NumPy brings and the kernels it has chosen for this processor; nothing where it does not say."""
import ctypes
import glob
import os
import numpy

for path in glob.glob(os.path.join(os.path.dirname(numpy.__file__) + '.libs', '*openblas*')):
    for name in ('scipy_openblas_get_config64_', 'scipy_openblas_get_config', 'openblas_get_config64_', 'openblas_get_config'):
        describe = getattr(ctypes.CDLL(path), name, None)
        if describe is not None:
            describe.restype = ctypes.c_char_p
            words = describe().decode().split()
            kernels = next((word for word, after in zip(words, words[1:]) if after.startswith('MAX_THREADS')), '')
            print(f'OpenBLAS {words[1]}, {kernels} kernels')
            raise SystemExit
