/** What the commands run: bringing a lab up and down, migrations, the service, the quickstart. */
package io.github.godwit.lab.run;
