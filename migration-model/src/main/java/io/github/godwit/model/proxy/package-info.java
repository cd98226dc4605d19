/** What a VM keeps of its performance during a migration, judged from outside, because most guests do not tell. */
package io.github.godwit.model.proxy;
