# SPDX-License-Identifier: Apache-2.0
"""Commands "openstack godwit …" for python-openstackclient, which ask Godwit's service."""
