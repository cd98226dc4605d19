/** Plans how each VM is migrated: technique, predicted metrics, reserved bandwidth. */
package io.github.godwit.strategy.plan;
