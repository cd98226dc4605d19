# SPDX-License-Identifier: Apache-2.0
__import__('pkg_resources').declare_namespace(__name__)
