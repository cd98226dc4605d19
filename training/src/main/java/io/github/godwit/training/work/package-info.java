/** Parallel work and its progress. */
package io.github.godwit.training.work;
