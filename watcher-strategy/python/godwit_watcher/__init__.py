# SPDX-License-Identifier: Apache-2.0
"""A plugin for OpenStack Watcher: three strategies and an action that migrates servers as Godwit has decided.

All decisions are made by Godwit's service, whose URL is configured in watcher.conf:

    [godwit]
    url = http://controller:9323
"""
