import { type SimulatedSymbol, simulatedSymbol } from './config.ts';

type Row = readonly [
  code: string,
  name: string,
  market: 'KOSPI' | 'KOSDAQ',
  price: number,
  volume: number,
  beta: number,
];

/** Invented companies: neither names nor codes are those of listed ones. */
const rows: readonly Row[] = [
  ['900110', '한빛반도체', 'KOSPI', 71_200, 9_800_000, 0.9],
  ['900120', '가온전자', 'KOSPI', 184_500, 1_600_000, 1],
  ['900130', '누리모터스', 'KOSPI', 236_000, 1_100_000, 0.9],
  ['900140', '다솜화학', 'KOSPI', 312_500, 620_000, 1.1],
  ['900150', '미르조선', 'KOSPI', 128_400, 2_900_000, 1.3],
  ['900160', '온누리금융지주', 'KOSPI', 58_300, 2_700_000, 0.7],
  ['900170', '청람에너지', 'KOSPI', 42_150, 3_800_000, 1.2],
  ['900180', '도담생명', 'KOSPI', 87_600, 900_000, 0.7],
  ['900190', '새벽항공', 'KOSPI', 23_850, 5_200_000, 1.1],
  ['900210', '큰솔건설', 'KOSPI', 34_700, 2_400_000, 1.1],
  ['900220', '늘봄식품', 'KOSPI', 265_500, 260_000, 0.6],
  ['900230', '해오름해운', 'KOSPI', 19_420, 8_600_000, 1.3],
  ['900240', '모아통신', 'KOSPI', 53_900, 1_500_000, 0.6],
  ['900250', '단비제지', 'KOSPI', 7_630, 6_400_000, 1.1],
  ['900260', '라온방산', 'KOSPI', 402_000, 540_000, 1.4],
  ['900270', '별하중공업', 'KOSPI', 15_880, 9_300_000, 1.4],
  ['910310', '아라바이오', 'KOSDAQ', 94_700, 2_300_000, 1.5],
  ['910320', '이든제약', 'KOSDAQ', 46_250, 2_800_000, 1.4],
  ['910330', '소담게임즈', 'KOSDAQ', 38_900, 2_200_000, 1.3],
  ['910340', '하늬소프트', 'KOSDAQ', 21_350, 4_100_000, 1.3],
  ['910350', '루미배터리', 'KOSDAQ', 148_300, 1_900_000, 1.6],
  ['910360', '예솔엔터', 'KOSDAQ', 67_800, 1_700_000, 1.3],
  ['910370', '토리로보틱스', 'KOSDAQ', 112_600, 1_800_000, 1.7],
  ['910380', '바름의료기', 'KOSDAQ', 12_940, 6_700_000, 1.2],
  ['910390', '솔빛디스플레이', 'KOSDAQ', 9_270, 8_900_000, 1.3],
  ['910410', '나래우주', 'KOSDAQ', 31_450, 4_600_000, 1.7],
  ['910420', '우솔반도체장비', 'KOSDAQ', 83_100, 1_600_000, 1.4],
  ['910430', '시나브로미디어', 'KOSDAQ', 4_815, 11_500_000, 1.4],
  ['910440', '너울식품', 'KOSDAQ', 16_230, 3_100_000, 0.9],
];

/** The 30 symbols of the market that comes with the product; one of them is a fund. */
export const inventedSymbols: readonly SimulatedSymbol[] = [
  ...rows.map(([symbol, name, market, price, daily_volume, beta], index) =>
    simulatedSymbol.parse({ symbol, name, market, price, daily_volume, beta, large: index < 12 }),
  ),
  simulatedSymbol.parse({
    symbol: '990010',
    name: '마루 시장200 ETF',
    market: 'KOSPI',
    kind: 'etf',
    price: 38_450,
    daily_volume: 5_600_000,
    beta: 0.5,
    large: true,
  }),
];
