"""The ways to migrate: what nova.conf permits, whether Godwit decides, and by which policy."""
import typing

FORCE_SECONDS = 5


class Way(typing.NamedTuple):
    """A column of the tables."""

    legend: str
    # nova.conf in addition to what the bring-up writes
    options: str
    # value of the servers' metadata godwit:policy; without one Godwit's host drivers do not even run
    policy: typing.Optional[str] = None
    # each migration is forced to complete after FORCE_SECONDS
    force: bool = False


# The host drivers do not run, so nova-compute uses Nova's own flags. Its driver is still Godwit's, because stock Nova truncates the console
# log in each migration, and with it what the guest reports; [godwit] enabled = False would do that, too.
_UNTOUCHED = "[godwit]\nallow_techniques =\n"

WAYS = {
    "nova": Way("Nova alone; permits nothing beyond its defaults: neither auto-converge nor post-copy", _UNTOUCHED),
    "auto_converge": Way("Nova alone; live_migration_permit_auto_converge",
                         _UNTOUCHED + "[libvirt]\nlive_migration_permit_auto_converge = True\n"),
    "post_copy": Way("Nova alone; live_migration_permit_post_copy, and somebody forces each migration to complete %d s after it was "
                     "requested" % FORCE_SECONDS, _UNTOUCHED + "[libvirt]\nlive_migration_permit_post_copy = True\n", force=True),
    "godwit_ensure_performance": Way("Godwit, policy ensure_performance; [godwit] allow_techniques = POST,PRE-POST,POST-PREEMPT,THR", "",
                                     "ensure_performance"),
    "godwit_reduced_downtime": Way("Godwit, policy reduced_downtime; [godwit] allow_techniques = POST,PRE-POST,POST-PREEMPT,THR", "",
                                   "reduced_downtime"),
    "godwit_untouched": Way("Godwit, policy ensure_performance; nova.conf permits nothing beyond Nova's defaults, [godwit] "
                            "allow_techniques is empty", _UNTOUCHED, "ensure_performance"),
}
ORACLE = "oracle"
ORACLE_LEGEND = ("for each server the best of all columns: fewest violations of the policy, then shortest TT; the metrics are those "
                 "under ensure_performance")
