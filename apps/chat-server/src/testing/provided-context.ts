// Makes `inject('services')` known wherever this project is checked.
import type {} from '@chat/services/vitest-global-setup';
