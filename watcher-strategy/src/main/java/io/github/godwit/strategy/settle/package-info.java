/** What earlier moves mean for later decisions: what rests, what is passed over, what is not undone. Without I/O. */
package io.github.godwit.strategy.settle;
