/** SLO policies, which operators can change while the service runs. */
package io.github.godwit.strategy.policy;
