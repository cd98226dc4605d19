"""Tempest's configuration for this OpenStack, and the process that runs the tests."""
import json
import os
import signal
import subprocess
import sys
import threading

_TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tests.py")
_CONFIGURATION = "tempest.conf"
_TEST_SECONDS = 600


def write_configuration(directory, microversion):
    """Writes tempest.conf for the administrator whose credentials are in the environment; only root can read it.

    :param microversion: the newest one of the service that is tested. The plugin of this release does not read it; later ones skip
                         tests of what is newer
    """
    path = os.path.join(directory, _CONFIGURATION)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("""[DEFAULT]
log_dir = {directory}
[auth]
use_dynamic_credentials = false
admin_username = {user}
admin_password = {password}
admin_project_name = {project}
admin_user_domain_name = {domain}
admin_project_domain_name = {domain}
[identity]
auth_version = v3
uri_v3 = {url}
ca_certificates_file = {authority}
region = {region}
[oslo_concurrency]
lock_path = {directory}
[service_available]
watcher = true
[optimize]
max_microversion = {microversion}
""".format(directory=directory, user=os.environ["OS_USERNAME"], password=os.environ["OS_PASSWORD"],
           project=os.environ["OS_PROJECT_NAME"], domain=os.environ["OS_USER_DOMAIN_NAME"], url=os.environ["OS_AUTH_URL"],
           region=os.environ["OS_REGION_NAME"], authority=os.environ["OS_CACERT"], microversion=microversion))


def run(kind, directory, take, seconds, held):
    """Runs the tests in a process of their own.

    :param kind: type of the service in the catalog
    :param directory: directory of tempest.conf and of the logs
    :param take: receives each message of the process
    :param seconds: the process is killed when it takes longer
    :param held: a locked file, which stays locked until the process ends
    """
    environment = dict(os.environ, TEMPEST_CONFIG_DIR=directory, TEMPEST_CONFIG=_CONFIGURATION, OS_TEST_TIMEOUT=str(_TEST_SECONDS))
    with open(os.path.join(directory, kind + ".log"), "w") as log:
        process = subprocess.Popen([sys.executable, "-B", "-P", _TESTS, kind], env=environment, stdout=subprocess.PIPE, stderr=log,
                                   text=True, cwd=directory, pass_fds=[held.fileno()])
    limit = threading.Timer(seconds, process.kill)
    limit.start()
    try:
        for line in process.stdout:
            take(json.loads(line))
        status = process.wait()
    finally:
        limit.cancel()
        process.kill()
        process.wait()
    if status == -signal.SIGKILL:
        print("The tests of %s took longer than %d s and were ended." % (kind, seconds), flush=True)
    elif status != 0:
        print("The process that runs the tests of %s ended with status %d; read %s/%s.log." % (kind, status, directory, kind),
              flush=True)
