/** The package ships its locales without types; importing one registers it. */
declare module 'cronstrue/locales/ko.js';
