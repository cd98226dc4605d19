# SPDX-License-Identifier: Apache-2.0
"""Godwit's decisions inside a real Watcher: three strategies and the action that carries a decision out.

Everything is decided by Godwit's service, whose address is in watcher.conf:

    [godwit]
    url = http://controller:9323
"""
