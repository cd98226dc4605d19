# SPDX-License-Identifier: Apache-2.0
"""What python-openstackclient asks a plugin for: names, options and the client."""
from osc_lib import utils

from godwit_client import client

API_NAME = 'godwit'
API_VERSION_OPTION = 'os_godwit_api_version'
API_VERSIONS = {'1': 'godwit_client.client.Client'}
DEFAULT_API_VERSION = '1'


def make_client(instance):
    """Returns the client for a session of the OpenStack client."""
    return client.Client(
        instance.session, instance.region_name, instance.interface, instance.get_configuration().get('godwit_endpoint'))


def build_option_parser(parser):
    """Adds the global options."""
    parser.add_argument(
        '--os-godwit-api-version', metavar='<godwit-api-version>',
        default=utils.env('OS_GODWIT_API_VERSION', default=DEFAULT_API_VERSION),
        help="Version of the API of Godwit's service, default=%s (Env: OS_GODWIT_API_VERSION)" % DEFAULT_API_VERSION)
    parser.add_argument(
        '--os-godwit-endpoint', metavar='<godwit-endpoint>', default=utils.env('OS_GODWIT_ENDPOINT', default=None),
        help="URL of Godwit's service, default: the endpoint of type infra-optim in the catalog (Env: OS_GODWIT_ENDPOINT). "
             "Needed where the catalog has a Watcher.")
    return parser
