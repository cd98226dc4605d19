/** What an operator decides about profiling: which VMs, and by what means. */
package io.github.godwit.host.profile.rules;
