// Runs one benchmark in this process and prints its result as JSON.
const { name, goal, better, run, skip } = await import(new URL(process.argv[2], import.meta.url).href);
const result = skip === undefined ? { name, ratio: await run(), goal, better } : { name, skip };
console.log(JSON.stringify(result));
