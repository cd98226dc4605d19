/** How each VM is to be moved: technique, predicted cost, reserved bandwidth. */
package io.github.godwit.strategy.plan;
