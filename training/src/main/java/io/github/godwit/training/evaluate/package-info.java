/** How good models are, on migrations they were not trained on. */
package io.github.godwit.training.evaluate;
