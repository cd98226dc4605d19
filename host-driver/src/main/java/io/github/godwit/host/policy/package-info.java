/** What the operator wants of migrations from this host: the policy set, and the observation of the link that post-copy depends on. */
package io.github.godwit.host.policy;
