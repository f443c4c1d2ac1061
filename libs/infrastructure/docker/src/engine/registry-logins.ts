import { readFile } from 'node:fs/promises';
import { AppError, toAppError } from '@nalabo/kernel';
import { parseRegistryLogins, type RegistryAuth, registryOf } from './registry-auth.js';

export interface LoginSources {
  /** The login for the registry of `workbenchImage`. Other images are named by workshops: no registry of theirs gets it. */
  readonly registryAuth?: RegistryAuth | undefined;
  readonly workbenchImage?: string | undefined;
  /** A file of the form of Docker's config.json. Where there is one, nothing else counts. */
  readonly registryAuthFile?: string | undefined;
}

/** With what an engine signs in to registries. A file is read anew each time, so that logins can change. */
export class RegistryLogins {
  constructor(private readonly sources: LoginSources) {}

  /**
   * The login for the registry of an image, and for no other; undefined to ask it without one.
   * @throws AppError `unavailable` when the file cannot be read.
   */
  async forImage(reference: string): Promise<RegistryAuth | undefined> {
    const { registryAuth, registryAuthFile: file, workbenchImage } = this.sources;
    if (file === undefined) {
      const isOfWorkbench = workbenchImage !== undefined && registryOf(reference) === registryOf(workbenchImage);
      return isOfWorkbench ? registryAuth : undefined;
    }
    try {
      return (await this.read(file)).get(registryOf(reference));
    } catch (error) {
      const publicMessage = 'The infrastructure target cannot sign in to registries.';
      throw new AppError('unavailable', toAppError(error).message, { publicMessage });
    }
  }

  /**
   * The registries that the file has logins for; undefined without a file.
   * @throws AppError `invalid_input` that names the file and the fault, and no login.
   */
  async registries(): Promise<readonly string[] | undefined> {
    const file = this.sources.registryAuthFile;
    return file === undefined ? undefined : [...(await this.read(file)).keys()];
  }

  private async read(file: string): Promise<ReadonlyMap<string, RegistryAuth>> {
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown';
      throw new AppError('invalid_input', `the file of registry logins ${file} cannot be read (${reason})`);
    });
    try {
      return parseRegistryLogins(text);
    } catch (error) {
      throw new AppError('invalid_input', `the file of registry logins ${file} ${toAppError(error).message}`);
    }
  }
}
