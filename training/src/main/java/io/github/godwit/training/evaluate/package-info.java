/** Cross-validation of models, and the choice and training of the best ones. */
package io.github.godwit.training.evaluate;
