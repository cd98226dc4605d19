/** Rows of real and simulated migrations: reading, writing, and datasets published by others. */
package io.github.godwit.training.data;
