/** Rows of real and simulated migrations: reading, writing, and published datasets of others. */
package io.github.godwit.training.data;
